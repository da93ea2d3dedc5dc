-- +goose Up
-- Ids of runs begin with the time, so that their order is the order of creation.
-- finished is 0 exactly as long as a run is not done. Wide columns come last.
create table runs (
	id              text    primary key,
	flow_id         text    not null,
	version         bigint  not null,
	document        text    not null,
	status          text    not null,
	epoch           bigint  not null,
	cancel          boolean not null,
	created         bigint  not null,
	started         bigint  not null,
	finished        bigint  not null,
	wake            bigint  not null,
	deadline        bigint  not null,
	bytes           bigint  not null, -- of its data; complete when it is done
	retries         bigint  not null,
	trigger_card    text    not null,
	source          text    not null,
	rerun_of        text    not null,
	response_status bigint  not null,
	response_path   text    not null,
	error_code      text    not null,
	error_step      text    not null,
	error_path      text    not null,
	error_message   text    not null, -- in short
	summary         text    not null, -- the first values of its event
	search          text    not null, -- lower case, bounded
	response        text    not null, -- "" when it has not answered
	failure         text    not null, -- the whole error
	output          text    not null,
	event           text    not null
);

-- Every index that a run enters costs each run; those that succeeded are listed and
-- counted with all others. bytes is in one so that adding it up need not look at the
-- runs themselves.
create index runs_flow on runs (flow_id, id);
create index runs_open on runs (finished, flow_id, id) where finished = 0;
create index runs_unwell on runs (status, id) where finished > 0 and status <> 'succeeded';
create index runs_flow_done on runs (flow_id, status, id, finished, bytes) where finished > 0;
create index runs_draft on runs (document) where version = 0;

create table attempts (
	run_id     text   not null,
	path       text   not null,
	number     bigint not null,
	step_id    text   not null,
	card       text   not null,
	status     text   not null,
	started    bigint not null,
	finished   bigint not null,
	next_at    bigint not null,
	bytes      bigint not null,
	failure    text   not null,
	input      text   not null,
	output     text   not null,
	trace      text   not null,
	primary key (run_id, path, number)
);

-- The last try of each card from the builder.
create table card_tests (
	flow_id text   not null references flows (id) on delete cascade,
	step_id text   not null,
	card    text   not null,
	made_by text   not null,
	created bigint not null,
	took    bigint not null, -- µs
	failure text   not null,
	input   text   not null,
	output  text   not null,
	trace   text   not null,
	primary key (flow_id, step_id)
);

-- Which rows refer to which files: owner is a run, or "flow/step" of a card test.
create table blob_uses (
	blob  text not null, -- SHA-256 of the file
	owner text not null,
	primary key (owner, blob)
);

create index blob_uses_blob on blob_uses (blob);
