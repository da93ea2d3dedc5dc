-- +goose Up
create table connections (
	id           text   primary key,
	name         text   not null,
	name_key     text   not null unique, -- lower case
	description  text   not null,
	type         text   not null,
	hosts        text   not null, -- JSON list
	test_url     text   not null,
	settings     text   not null, -- JSON, nothing secret
	sealed       text   not null, -- base64
	data_key     text   not null, -- base64, wrapped
	state        text   not null,
	state_detail text   not null,
	expires      bigint not null,
	last_used    bigint not null,
	last_tested  bigint not null,
	test_result  text   not null,
	revision     bigint not null,
	created      bigint not null,
	updated      bigint not null,
	updated_by   text   not null
);

create table flow_connections (
	flow_id       text    not null references flows (id) on delete cascade,
	is_live       boolean not null, -- of the published version, or of the draft
	step_id       text    not null,
	connection_id text    not null,
	primary key (flow_id, is_live, step_id)
);

create index flow_connections_connection on flow_connections (connection_id);

create table sign_ins (
	id            text   primary key,
	connection_id text   not null references connections (id) on delete cascade,
	state_hash    text   not null unique,
	sealed        text   not null, -- base64
	redirect      text   not null,
	wanted_for    text   not null,
	status        text   not null,
	code          text   not null,
	detail        text   not null,
	begun_by      text   not null,
	opened_by     text   not null,
	created       bigint not null,
	expires       bigint not null,
	edition       bigint not null
);

create index sign_ins_connection on sign_ins (connection_id);
create index sign_ins_expires on sign_ins (expires);
