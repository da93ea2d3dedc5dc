-- +goose Up
-- The draft is the last column: lists need not read past the others.
create table flows (
	id           text    primary key,
	name         text    not null,
	name_key     text    not null, -- lower case: lists are in its order
	description  text    not null,
	labels       text    not null, -- JSON list
	alias        text    not null unique,
	is_on        boolean not null,
	version      bigint  not null, -- published
	versions     bigint  not null, -- newest ever
	document     text    not null, -- id of the published document
	draft_id     text    not null, -- what the draft's document id would be
	revision     bigint  not null, -- of the draft
	edition      bigint  not null, -- raised by every write, of settings too
	trigger_card text    not null, -- of the draft
	steps        bigint  not null, -- of the draft
	keep_days    bigint  not null,
	created      bigint  not null,
	updated      bigint  not null,
	updated_by   text    not null,
	deleted      bigint  not null, -- its runs are still being deleted
	search       text    not null, -- lower case name, alias and description
	settings     text    not null,
	draft        text    not null
);

create index flows_name on flows (deleted, name_key, id);
create index flows_state on flows (deleted, is_on, version); -- counting reads nothing else
create index flows_labels on flows (deleted, labels) where labels <> '';

create table documents (
	id   text   primary key, -- SHA-256 of body
	used bigint not null, -- when it was last put
	body text   not null
);

create table versions (
	flow_id  text   not null references flows (id) on delete cascade,
	number   bigint not null,
	document text   not null,
	message  text   not null,
	made_by  text   not null,
	created  bigint not null,
	primary key (flow_id, number)
);

create index versions_document on versions (document);

create table edits (
	flow_id text    not null references flows (id) on delete cascade,
	seq     bigint  not null, -- the revision that it made
	user_id text    not null,
	undone  boolean not null,
	created bigint  not null,
	label   text    not null,
	edit    text    not null,
	inverse text    not null,
	primary key (flow_id, seq)
);

create index edits_user on edits (flow_id, user_id, seq);

create table flow_tokens (
	flow_id text   not null references flows (id) on delete cascade,
	hash    text   not null,
	hint    text   not null,
	made_by text   not null,
	created bigint not null,
	primary key (flow_id, hash)
);
