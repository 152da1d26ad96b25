-- Run on a restored copy before the service is started: psql -v ON_ERROR_STOP=1 -f docs/restore/postgresql.sql keepintouch
-- What it does, and what it cannot do, is in docs/backup.md. Each number below is a paragraph there.
BEGIN;

-- 1. Nobody knows whether what was waiting to leave has left since. It is never sent again, and it is shown.
UPDATE check_in SET state = 'unknown', ladder_over = 'unknown'
 WHERE state = 'asked' AND id IN (SELECT check_in_id FROM outbox WHERE state IN ('pending', 'claimed') AND name = 'check_in');
UPDATE outbox SET chat_sealed = NULL, body_sealed = NULL, chat_key = ''
 WHERE state IN ('pending', 'claimed') AND person_id IS NULL;
UPDATE outbox SET state = 'unknown', reason = 'restored', settled_utc = now() WHERE state IN ('pending', 'claimed');

-- 2. What had come in and was not yet answered may have been answered since.
UPDATE inbox SET state = 'quarantined', reason = 'restored', next_try_utc = NULL WHERE state = 'pending';

-- 3. Somebody may have said stop since. Nothing is started with anybody for 14 days, unless they come back themselves.
UPDATE person SET paused_until_utc = GREATEST(paused_until_utc, now() + interval '14 days')
 WHERE state = 'active' AND role IN ('care_leaver', 'carer');

-- 4. Staff have a day to look before they are told of anything that was old already.
UPDATE due SET due_utc = now() + interval '1 day' WHERE what <> 'check_in' AND due_utc < now() + interval '1 day';

-- 5. Nobody is signed in, and no link that was already used works again.
UPDATE web_session SET ended_utc = now() WHERE ended_utc IS NULL;
UPDATE sign_in_link SET spent_utc = now() WHERE spent_utc IS NULL;

COMMIT;
