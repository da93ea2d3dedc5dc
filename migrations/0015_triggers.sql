-- +goose Up
-- Flows that begin by themselves: one row for each whose published version does.
create table schedules (
	flow_id text    primary key references flows (id) on delete cascade,
	active  boolean not null, -- the flow is on
	since   bigint  not null, -- times before do not count
	next    bigint  not null, -- when it is due; 0: to be worked out
	number  bigint  not null, -- of runs that it has begun
	rule    text    not null  -- JSON: settings of the Schedule card
);

create index schedules_due on schedules (next) where active;

-- What begins a run once and not again: a time of a schedule, a delivery, a key of a caller.
create table run_once (
	flow_id text   not null,
	kind    text   not null, -- schedule, delivery, key
	name    text   not null,
	request text   not null, -- SHA-256 of what was asked for; '' when that does not matter
	run_id  text   not null,
	created bigint not null,
	expires bigint not null,
	primary key (flow_id, kind, name)
);

create index run_once_expires on run_once (expires);

-- The last deliveries that webhooks refused, for the authors to see.
create table refused_deliveries (
	flow_id text   not null references flows (id) on delete cascade,
	at      bigint not null,
	code    text   not null,
	detail  text   not null,
	address text   not null
);

create index refused_deliveries_flow on refused_deliveries (flow_id, at);
