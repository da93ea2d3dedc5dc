-- +goose Up
-- When a server that drives runs last said that it lives, µs; 0: it never did.
alter table nodes add column seen bigint not null default 0;
