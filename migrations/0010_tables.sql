-- +goose Up
-- Tables that people and flows keep rows in.
create table tables (
	id          text   primary key,
	name        text   not null,
	name_key    text   not null unique, -- lower case
	description text   not null,
	columns     text   not null, -- JSON list
	row_count   bigint not null,
	revision    bigint not null, -- raised by every change but those of rows
	created     bigint not null,
	updated     bigint not null,
	updated_by  text   not null,
	deleted     bigint not null -- its rows are still being deleted
);

create table table_rows (
	table_id text   not null references tables (id) on delete cascade,
	id       text   not null,
	created  bigint not null,
	updated  bigint not null,
	body     text   not null, -- JSON object
	primary key (table_id, id)
);

-- The values of unique columns.
create table table_keys (
	table_id text not null,
	col      text not null,
	content  text not null,
	row_id   text not null,
	primary key (table_id, col, content),
	foreign key (table_id, row_id) references table_rows (table_id, id) on delete cascade
);

create index table_keys_row on table_keys (table_id, row_id);

-- What flows have written, by the key of the step: a step that is repeated after a
-- crash finds what it did.
create table table_writes (
	write_key text   primary key,
	created   bigint not null,
	result    text   not null -- JSON
);

create index table_writes_created on table_writes (created);
