-- +goose Up
-- Outputs that an author pinned to cards: runs of the draft take them instead of
-- calling. They are no part of the document, so publishing knows nothing of them.
create table pins (
	flow_id text   not null references flows (id) on delete cascade,
	step_id text   not null,
	made_by text   not null,
	updated bigint not null,
	source  text   not null, -- where the output is from, in words
	output  text   not null, -- JSON
	primary key (flow_id, step_id)
);

-- What a run does otherwise than its document alone would have it.
create table run_trials (
	run_id text primary key,
	body   text not null -- JSON
);

alter table attempts add column given text not null default ''; -- where the output is from; '': the card ran

-- Flow tests: an event, recorded answers, and what is expected.
create table flow_tests (
	id       text   primary key,
	flow_id  text   not null references flows (id) on delete cascade,
	name     text   not null,
	revision bigint not null,
	made_by  text   not null,
	created  bigint not null,
	updated  bigint not null,
	outcome  text   not null, -- JSON of the last run; "" when it was never run
	body     text   not null  -- JSON
);

create index flow_tests_flow on flow_tests (flow_id);
