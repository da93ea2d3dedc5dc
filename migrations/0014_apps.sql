-- +goose Up
create table apps (
	id      text    primary key, -- client_id
	name    text    not null unique,
	search  text    not null, -- lower case name, id, owner and description
	active  boolean not null,
	edition bigint  not null,
	body    text    not null -- JSON: the rest, with keys and hashes of secrets
);

-- When an app, one of its keys or one of its secrets was last used: item is '', a key's id or a secret's hash.
create table app_uses (
	app_id    text   not null references apps (id) on delete cascade,
	item      text   not null,
	last_used bigint not null,
	primary key (app_id, item)
);

-- The last access tokens of each app, for people to see; a token works without its row.
create table app_tokens (
	id      text   primary key, -- jti
	app_id  text   not null references apps (id) on delete cascade,
	issued  bigint not null,
	expires bigint not null,
	scopes  text   not null,
	address text   not null,
	item    text   not null -- what the app proved itself with
);

create index app_tokens_app on app_tokens (app_id, issued);

create table revoked_tokens (
	id      text   primary key, -- jti
	app_id  text   not null,
	expires bigint not null
);

create index revoked_tokens_expires on revoked_tokens (expires);

-- Ids of client assertions, so that none is used twice.
create table used_assertions (
	hash    text   primary key,
	expires bigint not null
);

create index used_assertions_expires on used_assertions (expires);

create table signing_keys (
	id      text   primary key,
	created bigint not null,
	retired bigint not null, -- 0 for the one in use
	sealed  text   not null,
	data_key text  not null
);

-- Raised by every write that changes who may call, so that servers know when to read again.
create table app_edition (
	id      bigint primary key,
	edition bigint not null
);

insert into app_edition (id, edition) values (1, 1);

-- Aliases that endpoints had, and until when they answer there.
create table flow_aliases (
	alias   text   primary key,
	flow_id text   not null references flows (id) on delete cascade,
	until   bigint not null
);

create index flow_aliases_flow on flow_aliases (flow_id);

alter table flow_tokens add column expires bigint not null default 0;
alter table flow_tokens add column last_used bigint not null default 0;
