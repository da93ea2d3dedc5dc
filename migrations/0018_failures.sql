-- +goose Up
-- Runs that failed for good, until somebody deals with them. Only runs of published
-- flows that no other run waits for.
create table failures (
	run_id     text   primary key,
	flow_id    text   not null,
	problem    text   not null, -- why the flow for failures was not begun; "" when it was, or there is none
	handled    bigint not null, -- when somebody dealt with it, 0 before
	how        text   not null, -- redone, dismissed; "" before
	handled_by text   not null, -- in words
	note       text   not null,
	again      text   not null  -- the run that took its place
);

create index failures_open on failures (flow_id, run_id) where handled = 0;

-- Runs that are begun because another one failed, and all that they begin: their own
-- failures begin nothing.
alter table run_parents add column handles boolean not null default false;

-- Failed runs that are taken up again, many at a time.
create table redos (
	id         text   primary key,
	created    bigint not null,
	created_by text   not null, -- in words
	flow_id    text   not null, -- "" for those of every flow
	query      text   not null, -- what the runs were searched by
	begin_at   text   not null, -- failed, start
	version    text   not null, -- same, live
	status     text   not null, -- running, stopped, done
	total      bigint not null,
	finished   bigint not null
);

create index redos_running on redos (status) where status = 'running';

create table redo_runs (
	redo_id text   not null references redos (id) on delete cascade,
	n       bigint not null, -- 1 is the first
	run_id  text   not null,
	again   text   not null, -- the id of the run that takes its place, made beforehand
	status  text   not null, -- waiting, begun, refused
	problem text   not null, -- why it was refused
	primary key (redo_id, n)
);
