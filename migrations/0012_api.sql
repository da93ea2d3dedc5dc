-- +goose Up
alter table flows add column folder text not null default ''; -- "crm/sync"; "" is the top

-- What programs show instead of a password. The token itself is not kept.
create table api_tokens (
	id        text   primary key,
	hash      text   not null unique, -- SHA-256
	user_id   text   not null references users (id) on delete cascade,
	name      text   not null,
	hint      text   not null, -- its end, for people
	scopes    text   not null, -- JSON list
	created   bigint not null,
	expires   bigint not null, -- 0: never
	last_used bigint not null  -- to the minute; 0: never
);

create index api_tokens_user on api_tokens (user_id);

-- Which run an Idempotency-Key began.
create table run_keys (
	user_id text   not null,
	name    text   not null, -- the key
	request text   not null, -- SHA-256 of what was asked for
	run_id  text   not null,
	created bigint not null,
	primary key (user_id, name)
);

create index run_keys_created on run_keys (created);
