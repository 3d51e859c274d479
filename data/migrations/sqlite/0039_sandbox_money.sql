-- The money of a sandbox (seed ralio-sandbox): balances, orders and the ledger, in minor units. A production store writes none.
ALTER TABLE account ADD COLUMN settled INTEGER NOT NULL DEFAULT 0; -- sum of its ledger entries
ALTER TABLE account ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND settled >= reserved);

CREATE TABLE money_order (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	account_id INTEGER NOT NULL REFERENCES account (id),
	recipient_id INTEGER REFERENCES account (id), -- of a transfer
	type TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
	currency TEXT NOT NULL, -- of the account
	amount INTEGER NOT NULL CHECK (amount > 0),
	other_currency TEXT NOT NULL, -- of the other side
	other_amount INTEGER NOT NULL CHECK (other_amount > 0),
	rate TEXT NOT NULL,
	reference TEXT NOT NULL DEFAULT '',
	iban TEXT NOT NULL DEFAULT '',
	holder TEXT NOT NULL DEFAULT '',
	bank TEXT NOT NULL DEFAULT '',
	address TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '', -- why it failed or was cancelled
	created_at INTEGER NOT NULL,
	processing_at INTEGER,
	ended_at INTEGER
) STRICT;
CREATE INDEX money_order_account ON money_order (account_id, id);
CREATE INDEX money_order_recipient ON money_order (recipient_id, id) WHERE recipient_id IS NOT NULL;

-- Double entry: the entries of an order in one currency sum to zero.
CREATE TABLE ledger_entry (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	order_id INTEGER NOT NULL REFERENCES money_order (id),
	account_id INTEGER REFERENCES account (id), -- NULL: suspense, outside
	book TEXT NOT NULL CHECK (book IN ('customer', 'suspense', 'outside')),
	currency TEXT NOT NULL,
	amount INTEGER NOT NULL CHECK (amount <> 0),
	balance INTEGER, -- of the account after it, reservations included
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_entry_account ON ledger_entry (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX ledger_entry_order ON ledger_entry (order_id, id);
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
