-- Since when everything that was sent to an endpoint failed, and which version of the endpoint that was: whoever changed it
-- has looked after it, so that the count begins anew. Null while the last thing to be told of is a success.
alter table webhook_queues add column failing_since bigint, add column failing_version bigint;
