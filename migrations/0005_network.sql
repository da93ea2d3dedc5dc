-- +goose Up
alter table connections add column network text not null default '{}'; -- JSON, nothing secret
