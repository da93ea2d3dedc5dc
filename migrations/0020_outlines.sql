-- +goose Up
-- outline: of a run that is over, no values are kept; of one that is under way, none are to
-- be when it succeeds.
alter table runs add column outline boolean not null default false;
