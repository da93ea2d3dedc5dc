-- +goose Up
-- What the answers of a flow's steps look like: names and types, no values.
create table shapes (
	flow_id text   not null references flows (id) on delete cascade,
	step_id text   not null,
	asks    text   not null, -- what was asked when it was learned; another question begins anew
	learned bigint not null,
	shape   text   not null,
	primary key (flow_id, step_id)
);
