-- A reviewer who works over SSH also has settings and keys of his own here.
ALTER TABLE reviewer_setting DROP CONSTRAINT reviewer_setting_kind_check;
ALTER TABLE reviewer_setting ADD CONSTRAINT reviewer_setting_kind_check
	CHECK (kind IN ('view', 'draft', 'setting', 'key'));
