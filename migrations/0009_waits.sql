-- +goose Up
-- Which runs were begun by which: a step of a run begins at most one.
create table run_parents (
	run_id      text    primary key,
	parent_run  text    not null,
	parent_path text    not null,
	waits       boolean not null, -- the parent waits for the end
	depth       bigint  not null  -- 1 for a run begun by one that nobody began
);

create unique index run_parents_parent on run_parents (parent_run, parent_path);

-- Links by which somebody outside answers a waiting step. The link itself is not kept.
create table callbacks (
	hash    text   primary key, -- SHA-256 of the link's token, in hex
	run_id  text   not null,
	path    text   not null,
	created bigint not null,
	expires bigint not null,
	page    text   not null     -- JSON: what it asks for
);

create index callbacks_run on callbacks (run_id);

-- What arrived for steps that wait: the first thing counts.
create table signals (
	run_id  text   not null,
	path    text   not null,
	kind    text   not null, -- answer, late, ended
	arrived bigint not null,
	body    text   not null,
	primary key (run_id, path)
);

-- Which flows call which.
create table flow_calls (
	flow_id text    not null references flows (id) on delete cascade,
	is_live boolean not null, -- the published version, not the draft
	step_id text    not null,
	called  text    not null,
	primary key (flow_id, is_live, step_id)
);

create index flow_calls_called on flow_calls (called);
