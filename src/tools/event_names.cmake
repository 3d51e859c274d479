# Writes a header with the names of the events to which an endpoint can subscribe (OUT): those that the reference
# describes (WEBHOOKS: data/api/webhooks.json), without the event of a test.
file(READ ${WEBHOOKS} all)
string(JSON events GET "${all}" events)
string(JSON count LENGTH "${events}")
math(EXPR last "${count} - 1")
set(names "")
foreach(at RANGE ${last})
  string(JSON name MEMBER "${events}" ${at})
  list(APPEND names "\"${name}\"")
endforeach()
list(REMOVE_ITEM names "\"endpoint.test\"")
list(SORT names)
list(JOIN names ", " names)
set(text "/* Made by src/tools/event_names.cmake. */\n#define EVENT_NAMES ${names}\n")
file(CONFIGURE OUTPUT ${OUT} CONTENT "${text}" @ONLY) # keeps an unchanged file as it is
