-- +goose Up
-- When a time that waits for the run before it is looked at again; 0: it waits for nothing.
alter table schedules add column look bigint not null default 0;
