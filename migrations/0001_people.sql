-- +goose Up
create table users (
	id       text    primary key,
	email    text    not null unique, -- lower case
	name     text    not null,
	password text    not null, -- hash
	is_owner boolean not null,
	created  bigint  not null
);

create table sessions (
	hash    text   primary key, -- SHA-256 of the cookie's value
	user_id text   not null references users (id) on delete cascade,
	created bigint not null,
	seen    bigint not null,
	expires bigint not null,
	address text   not null,
	agent   text   not null
);

create index sessions_user on sessions (user_id);

create table settings (
	name    text   primary key,
	content text   not null,
	updated bigint not null
);
