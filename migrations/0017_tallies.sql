-- +goose Up
-- What happened in a stretch of time, added up: the minutes of the last hours, then
-- quarters of an hour, two hours and days. Each process adds to rows of its own.
create table tallies (
	span      bigint not null, -- µs
	kind      text   not null, -- all, run, step, connection
	slot      bigint not null, -- when the stretch begins, µs
	subject   text   not null, -- id of a flow, "flow/step", id of a connection; '' all of them
	node      text   not null,
	done      bigint not null, -- however it ended
	failed    bigint not null,
	cancelled bigint not null,
	took      bigint not null, -- µs, of all
	spread    text   not null, -- how many took how long: "bucket:count,…"
	primary key (span, kind, slot, subject, node)
);
