#!/bin/sh
# Runs a proxy with its example of docs/examples in front of a server: proxy.sh SOURCES PROGRAM nginx|caddy|haproxy, in
# an empty folder. The test replaces the certificate, ports and logs of the example. Prints the result of each request.
set -eu
sources=$1
program=$2
kind=$3
export HOME="$PWD" KYBDESK_STORE="$PWD/proxy.db"
server='' proxy=''
trap '[ -z "$server" ] || kill "$server"; [ -z "$proxy" ] || kill "$proxy"; wait' EXIT

"$program" init --sandbox >said
"$program" merchant add shop >said
"$program" store set trusted_proxies 127.0.0.1 >said
key=$("$program" merchant key shop | sed 's/.*"api_key":"\([^"]*\)".*/\1/')
"$program" serve --access-log --no-deliver --listen 127.0.0.1:0 >serve.log 2>&1 &
server=$!
address=
while [ -z "$address" ]; do
	kill -0 "$server"
	sleep 0.1
	address=$(sed -n 's,^Listening on http://\([0-9.:]*\).*,\1,p' serve.log)
done
# A port that was free a moment ago.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=desk.example 2>said
case $kind in
nginx)
	sed "s,listen 443,listen 127.0.0.1:$port,; s,/etc/ssl/certs/[a-z.]*,$PWD/cert.pem,; s,/etc/ssl/private/[a-z.]*,$PWD/key.pem,
		s,/var/log/nginx/,$PWD/,; s,http://127.0.0.1:8080,http://$address," "$sources/docs/examples/nginx.conf" >desk.conf
	cat >nginx.conf <<END
daemon off;
pid $PWD/nginx.pid;
error_log $PWD/error.log;
events { }
http {
	client_body_temp_path $PWD/body;
	proxy_temp_path $PWD/proxy;
	fastcgi_temp_path $PWD/fastcgi;
	uwsgi_temp_path $PWD/uwsgi;
	scgi_temp_path $PWD/scgi;
	include $PWD/desk.conf;
}
END
	/usr/sbin/nginx -e "$PWD/error.log" -c "$PWD/nginx.conf" 2>proxy.said &
	;;
caddy)
	sed "s,^{,{\n\tadmin off\n\tauto_https disable_redirects,
		s,^desk.example {,https://desk.example:$port {\n\tbind 127.0.0.1\n\ttls $PWD/cert.pem $PWD/key.pem," \
		"$sources/docs/examples/Caddyfile" >Caddyfile
	DESK_SERVER=$address caddy run --config Caddyfile --adapter caddyfile 2>proxy.said &
	;;
haproxy)
	cat cert.pem key.pem >both.pem
	sed "s,bind :443,bind 127.0.0.1:$port,; s,/etc/haproxy/[a-z.]*,$PWD/both.pem,; s,10.0.0.1[12]:8080,$address," \
		"$sources/docs/examples/haproxy.cfg" >haproxy.cfg
	/usr/sbin/haproxy -db -f haproxy.cfg 2>proxy.said &
	;;
esac
proxy=$!
site=https://desk.example:$port
fetch() { curl --silent --cacert cert.pem --resolve "desk.example:$port:127.0.0.1" -H "Authorization: Bearer $key" "$@"; }
for _ in $(seq 100); do
	! fetch --fail -o said "$site/readyz" || break
	sleep 0.1
done
printf 'ready %s\n' "$(fetch -o said -w '%{http_code}' "$site/readyz")"
printf 'metrics %s\n' "$(fetch -o said -w '%{http_code}' "$site/metrics")"
# A document of 10 MiB, the limit of its workflow, must pass the proxy unchanged.
made() { sed 's/.*"id":"\([^"]*\)".*/\1/' said; }
users=$site/api/v1/account
fetch --fail -o said --json '{"name":"Wharf Lane Ltd","country":"GB"}' "$users/business-users"
user=$(made)
fetch --fail -o said -X POST "$users/business-user/$user/kyb-sessions"
session=$(made)
{
	printf '%%PDF-1.4\n'
	head -c 10485745 /dev/urandom
	printf '%%%%EOF\n'
} >large.pdf
printf 'upload of %s bytes %s\n' "$(wc -c <large.pdf)" "$(fetch -o said -w '%{http_code}' -F type=OTHER -F category=COMPANY_INFO \
	-F file=@large.pdf "$users/business-user/$user/kyb-sessions/$session/documents")"
hash=$(sha256sum large.pdf | cut -d ' ' -f 1)
cmp -s large.pdf "proxy.db-documents/$(printf %.2s "$hash")/$hash" && echo 'stored whole'
head -c 41943040 /dev/zero >forty
# Caddy closes the connection (000); the other proxies and the server respond with 413.
code=$(fetch -o said -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @forty "$site/kyc/sessions" || true)
case $code in
413 | 000) echo 'too large refused' ;;
*) echo "too large $code" ;;
esac
# A client at 127.0.0.5 claims the address 198.51.100.7; the server must log 127.0.0.5.
fetch --interface 127.0.0.5 -o said -H 'X-Forwarded-For: 198.51.100.7' -H 'Forwarded: for=198.51.100.7' "$site/kyc/sessions"
printf 'client %s\n' "$(sed -n 's/.* merchant=shop peer=\([^ ]*\).*/\1/p' serve.log | tail -n 1)"
# The paths with a token are secret: no log contains the token, also after the server has stopped.
secret_paths=$("$program" info --reference openapi --json | grep -o '"/[^" ]*{token}[^" ]*"' |
	sed 's/"//g; s/{token}/SECRET-TOKEN/; s/{[a-z_]*}/x/g' | sort -u)
[ -n "$secret_paths" ]
other_codes() { # other_codes PATTERN: requests each secret path; prints the response codes that do not match PATTERN
	for path in $secret_paths; do
		code=$(fetch -o said -w '%{http_code}' -H "Referer: $site/s/SECRET-TOKEN" "$site$path?next=SECRET-TOKEN")
		# shellcheck disable=SC2254 # $1 is a pattern
		case $code in $1) ;; *) printf ' %s' "$code" ;; esac
	done
}
printf 'secret paths refused%s\n' "$(other_codes '4??')"
kill "$server"
wait "$server" || true
server=
printf 'secret paths unanswered%s\n' "$(other_codes '50?')"
sleep 0.5
printf 'logs with a token:%s\n' "$(grep -l SECRET-TOKEN ./*.log proxy.said | tr '\n' ' ')"
