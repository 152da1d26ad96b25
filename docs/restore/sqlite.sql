-- Run on a restored copy before the service is started: sqlite3 keepintouch.db < docs/restore/sqlite.sql
-- What it does, and what it cannot do, is in docs/backup.md. Each number below is a paragraph there.
BEGIN IMMEDIATE;

-- 1. Nobody knows whether what was waiting to leave has left since. It is never sent again, and it is shown.
UPDATE check_in SET state = 'unknown', ladder_over = 'unknown'
 WHERE state = 'asked' AND id IN (SELECT check_in_id FROM outbox WHERE state IN ('pending', 'claimed') AND name = 'check_in');
UPDATE outbox SET chat_sealed = NULL, body_sealed = NULL, chat_key = ''
 WHERE state IN ('pending', 'claimed') AND person_id IS NULL;
UPDATE outbox SET state = 'unknown', reason = 'restored', settled_utc = CAST(strftime('%s', 'now') AS INTEGER) * 1000000
 WHERE state IN ('pending', 'claimed');

-- 2. What had come in and was not yet answered may have been answered since.
UPDATE inbox SET state = 'quarantined', reason = 'restored', next_try_utc = NULL WHERE state = 'pending';

-- 3. Somebody may have said stop since. Nothing is started with anybody for 14 days, unless they come back themselves.
UPDATE person
   SET paused_until_utc = MAX(COALESCE(paused_until_utc, 0), CAST(strftime('%s', 'now', '+14 days') AS INTEGER) * 1000000)
 WHERE state = 'active' AND role IN ('care_leaver', 'carer');

-- 4. Staff have a day to look before they are told of anything that was old already.
UPDATE due SET due_utc = CAST(strftime('%s', 'now', '+1 day') AS INTEGER) * 1000000
 WHERE what <> 'check_in' AND due_utc < CAST(strftime('%s', 'now', '+1 day') AS INTEGER) * 1000000;

-- 5. Nobody is signed in, and no link that was already used works again.
UPDATE web_session SET ended_utc = CAST(strftime('%s', 'now') AS INTEGER) * 1000000 WHERE ended_utc IS NULL;
UPDATE sign_in_link SET spent_utc = CAST(strftime('%s', 'now') AS INTEGER) * 1000000 WHERE spent_utc IS NULL;

COMMIT;
