-- +goose Up
-- Idempotency-Keys of the management API are kept as everything else that begins a run once.
-- A key that began nothing is free again.
insert into run_once (flow_id, kind, name, request, run_id, created, expires)
	select r.flow_id, 'request', k.user_id || ' ' || k.name, k.request, k.run_id, k.created, k.created + 86400000000
	from run_keys k join runs r on r.id = k.run_id;

drop table run_keys;
