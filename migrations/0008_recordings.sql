-- +goose Up
alter table card_tests add column recorded bigint not null default 0; -- when the answer was recorded; 0: it came with the test
alter table card_tests add column recording text not null default ''; -- the run that it was recorded in; "" another test

-- The last try of each card from the builder that a service answered.
create table card_answers (
	flow_id text   not null references flows (id) on delete cascade,
	step_id text   not null,
	made_by text   not null,
	created bigint not null,
	took    bigint not null, -- µs
	output  text   not null,
	trace   text   not null,
	primary key (flow_id, step_id)
);

-- What each person typed last to try a card.
create table card_values (
	flow_id text   not null references flows (id) on delete cascade,
	step_id text   not null,
	user_id text   not null,
	updated bigint not null,
	typed   text   not null, -- JSON
	primary key (flow_id, step_id, user_id)
);
