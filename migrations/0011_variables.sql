-- +goose Up
-- Values that flows read by name, for each environment.
create table variables (
	env         text    not null, -- "" is the default one
	name        text    not null,
	is_secret   boolean not null,
	description text    not null,
	content     text    not null, -- JSON of a value; "" of a secret
	sealed      text    not null, -- base64, of a secret
	data_key    text    not null, -- base64, wrapped
	updated     bigint  not null,
	updated_by  text    not null,
	primary key (env, name)
);

-- What flows read at which time: a run that is taken up again reads what it read before.
create table variable_sets (
	created bigint primary key,
	env     text   not null, -- the active one
	body    text   not null -- JSON object of the values that are no secrets
);
