-- +goose Up
-- How many times in a row a process that drove the run died, with nothing of it finished in between.
alter table runs add column died bigint not null default 0;
