-- +goose Up
-- Servers that drive runs of this database. While one lives, it holds an advisory lock on
-- its number; gone is when another one first saw that it does not, 0 before that. The number
-- 0 is nobody's: the only server of a SQLite file needs none, and runs from before have none.
create table nodes (
	id   bigint primary key,
	gone bigint not null
);

insert into nodes (id, gone) values (0, 0);

-- The server that drives a run which is not over.
alter table runs add column node bigint not null default 0;
