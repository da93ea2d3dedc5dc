-- +goose Up
-- steps holds the attempts of a short run as a list of lists in JSON, '' when they are in
-- rows of their own; the view "history" has both. express: nothing is kept before the end.
alter table runs add column steps text not null default '';
alter table runs add column express boolean not null default false;
