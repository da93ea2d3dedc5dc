-- +goose Up
alter table connections add column lifecycle text not null default '{}'; -- JSON: lease of a renewal, failures in a row
alter table connections add column renew_due bigint not null default 0; -- when it is renewed even if nobody uses it
alter table connections add column secret_expires bigint not null default 0; -- as a person noted it
update connections set renew_due = 1 where type = 'oauth_code'; -- looked at once, to learn when they are due
create index connections_due on connections (renew_due) where renew_due > 0;
