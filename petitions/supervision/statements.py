"""The statements that issue supervision papers; each is all of its papers, or nothing."""

MASKED = "regexp_replace({}, %(long_number)s::text, %(hidden)s::text, 'g')"
# Labels are looked up, not joined: a join would make the planner believe that one row is left, and visit all for each.
LABEL = "(%({0}_labels)s::text[])[array_position(%({0}_values)s::text[], {1}::text)]"
WHEN = "to_char({} AT TIME ZONE %(zone)s::text, 'YYYY年FMMM月FMDD日HH24:MI')"

# What has been issued since this dispatch: whether it was not signed or not resolved, the unit is at its first notice,
# its second, its third; also after an interval that the promise has gone on after.
SO_FAR = """
    CROSS JOIN LATERAL (
        SELECT coalesce(max(n.time), 0) AS most,
            coalesce(bool_or(n.state IN ('draft', 'reviewed')), false) AS drafting,
            (array_agg(n.id ORDER BY n.time DESC NULLS LAST))[1] AS latest_id,
            (array_agg(n.number ORDER BY n.time DESC NULLS LAST))[1] AS latest
        FROM petitions_supervisionnotice n JOIN petitions_clock o ON o.id = n.clock_id
        WHERE n.petition_id = c.petition_id AND o.unit_id IS NOT DISTINCT FROM c.unit_id
            AND o.started_at = c.started_at
    ) so_far
"""

OF_CLOCKS = f"""
WITH asked AS (
    SELECT * FROM unnest(%(clocks)s::bigint[], %(ticks)s::timestamptz[], %(effects)s::text[], %(wanted)s::int[],
        %(origins)s::text[]) AS a (clock_id, tick_at, effect, wanted, origin)
),
standing AS MATERIALIZED (
    SELECT * FROM petitions_standingauthorisation
    WHERE since <= %(today)s::date AND (until IS NULL OR until > %(today)s::date) ORDER BY since DESC, id DESC LIMIT 1
),
about AS MATERIALIZED (
    SELECT NULL::bigint AS draft_id, a.*, c.petition_id, c.unit_id, c.promise, c.started_at,
        so_far.most, so_far.drafting, so_far.latest_id, so_far.latest,
        CASE WHEN %(by)s::bigint IS NULL THEN s.id END AS authorisation_id, NULL::bigint AS signer_id,
        s.id IS NOT NULL AND %(by)s::bigint IS NULL AS signed,
        pt.urgency, pt.number AS petition_number, pt.place_id,
        concat_ws('，', '市级分管领导', office.name) AS copies_to,
        '关于督办“' || {MASKED.format("pt.title")} || '”事项的通知' AS title,
        concat_ws('；', s.basis, {LABEL.format("origin", "a.origin")} || '：' || {LABEL.format("promise", "c.promise")}
            || '承诺应于' || {WHEN.format("c.due_at")} || '前履行') AS basis,
        {MASKED.format("pt.title")} || '（' || item.name || '；' || concat_ws(' ', street.name, place.name) || '；'
            || {WHEN.format("pt.registered_at")} || '登记）' AS digest,
        jsonb_build_object('promise', c.promise, 'due_at', c.due_at, 'kept_at', c.stopped_at, 'redo', pt.redo_count,
            'returned', (SELECT count(*) FROM petitions_return r WHERE r.petition_id = pt.id),
            'satisfied', (SELECT k.satisfied FROM petitions_callback k WHERE k.petition_id = pt.id AND k.reached
                ORDER BY k.at DESC, k.id DESC LIMIT 1)) AS earlier,
        coalesce(string_to_array(replace(s.requirements, chr(13), ''), chr(10)), '{{}}') AS requirements,
        %(complete_by)s::timestamptz AS complete_by, coalesce(s.contact, '') AS contact
    FROM asked a
    JOIN petitions_clock c ON c.id = a.clock_id
    JOIN petitions_petition pt ON pt.id = c.petition_id
    JOIN grids_item item ON item.id = pt.item_id
    JOIN grids_place place ON place.code = pt.place_id
    LEFT JOIN grids_place street ON street.code = left(pt.place_id, 9) AND street.kind = 'street'
    LEFT JOIN accounts_unit office ON office.id = street.unit_id
    LEFT JOIN standing s ON true
    {SO_FAR}
),
"""

OF_DRAFT = f"""
WITH about AS MATERIALIZED (
    SELECT n.id AS draft_id, n.clock_id, %(at)s::timestamptz AS tick_at, '' AS effect, %(last)s::int AS wanted,
        n.origin, n.petition_id, n.unit_id, c.promise, c.started_at, so_far.most, false AS drafting,
        so_far.latest_id, so_far.latest,
        NULL::bigint AS authorisation_id, %(by)s::bigint AS signer_id, true AS signed,
        n.urgency, pt.number AS petition_number, pt.place_id, n.copies_to, n.title, n.basis, n.digest, n.earlier,
        n.requirements, n.complete_by, n.contact
    FROM petitions_supervisionnotice n
    JOIN petitions_clock c ON c.id = n.clock_id
    JOIN petitions_petition pt ON pt.id = n.petition_id
    {SO_FAR}
    WHERE n.id = %(draft)s::bigint
),
"""

PAPERS = f"""
fresh AS MATERIALIZED (
    SELECT *, count(*) OVER of_year AS many, row_number() OVER (of_year ORDER BY tick_at, clock_id) AS nth
    FROM (
        SELECT DISTINCT ON (petition_id, unit_id, started_at)
            *, extract(year FROM tick_at AT TIME ZONE %(zone)s::text)::int AS year
        FROM about WHERE most < wanted AND NOT drafting
        ORDER BY petition_id, unit_id, started_at, promise <> 'resolve', clock_id
    ) AS dated
    WINDOW of_year AS (PARTITION BY year)
),
counted AS (
    INSERT INTO petitions_series (key, last)
    SELECT prefix || '〔' || year || '〕', count(*)::int
    FROM fresh CROSS JOIN unnest(ARRAY[%(notice_prefix)s::text, %(briefing_prefix)s::text]) AS prefix
    WHERE signed GROUP BY prefix, year ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET last = petitions_series.last + excluded.last RETURNING key, last
),
papers AS MATERIALIZED (
    SELECT fresh.*, own.key || (own.last - many + nth) || '号' AS number,
        other.key || (other.last - many + nth) || '号' AS briefing_number
    FROM fresh
    LEFT JOIN counted own ON own.key = %(notice_prefix)s::text || '〔' || year || '〕'
    LEFT JOIN counted other ON other.key = %(briefing_prefix)s::text || '〔' || year || '〕'
),
briefed AS (
    INSERT INTO petitions_briefing (number, petition_id, reason, digest, proposal, duty, raised_at)
    SELECT p.briefing_number, p.petition_id,
        left('已下发' || (%(times)s::text[])[p.most + 1] || '督办通知单 ' || p.number || '：'
            || {LABEL.format("origin", "p.origin")}, 200),
        p.digest || '。承办单位：' || u.name, %(proposal)s::text, 'leader', p.tick_at
    FROM papers p
    JOIN accounts_unit u ON u.id = p.unit_id
    WHERE p.signed RETURNING id, number
),
waiting AS (
    SELECT p.petition_id, t.id FROM (SELECT DISTINCT petition_id FROM papers) AS p
    CROSS JOIN LATERAL (
        SELECT id FROM petitions_topic
        WHERE petition_id = p.petition_id AND level = 'joint' AND state IN ('waiting', 'on_agenda')
        ORDER BY id LIMIT 1
    ) AS t
),
raised AS (
    INSERT INTO petitions_topic (petition_id, reason, raised_at, raised_by_id)
    SELECT DISTINCT ON (p.petition_id) p.petition_id, left('书面督办 ' || p.number || '：' || p.digest, 200),
        p.tick_at, p.signer_id
    FROM papers p
    WHERE p.signed AND NOT EXISTS (SELECT 1 FROM waiting w WHERE w.petition_id = p.petition_id)
    ORDER BY p.petition_id, p.clock_id RETURNING id, petition_id
),
topics AS (SELECT petition_id, id FROM waiting UNION ALL SELECT petition_id, id FROM raised),
audience AS MATERIALIZED (
    SELECT p.user_id, p.duty, p.unit_id, p.place_id
    FROM grids_posting p JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    WHERE p.duty = ANY(%(receiving)s::text[] || %(watching)s::text[] || %(leading)s::text[] || %(signing)s::text[])
        AND p.since <= %(today)s::date AND (p.until IS NULL OR p.until > %(today)s::date)
),
manned AS MATERIALIZED (SELECT DISTINCT unit_id FROM audience WHERE duty = ANY(%(receiving)s::text[])),
ready AS MATERIALIZED (
    SELECT p.*, b.id AS briefing_id, t.id AS topic_id, p.most + 1 AS time, m.unit_id IS NOT NULL AS reached,
        CASE WHEN NOT p.signed THEN 'draft' WHEN m.unit_id IS NULL THEN 'issued' ELSE 'delivered' END AS state
    FROM papers p
    LEFT JOIN briefed b ON b.number = p.briefing_number
    LEFT JOIN topics t ON t.petition_id = p.petition_id AND p.signed
    LEFT JOIN manned m ON m.unit_id = p.unit_id
),
"""

INSERTED = """
noticed AS (
    INSERT INTO petitions_supervisionnotice (number, copy_number, urgency, state, time, origin, petition_id, clock_id,
        unit_id, copies_to, title, basis, digest, earlier, requirements, complete_by, contact, briefing_id, topic_id,
        drafted_at, drafted_by_id, issued_at, authorisation_id, delivered_at, delivery, sign_by, feed_back_by,
        next_tick_at, fault, handler, measures, result, evidence, opinion, finding, verification, version)
    SELECT number, '000001', urgency, state, CASE WHEN signed THEN time END, origin, petition_id, clock_id,
        unit_id, copies_to, title, basis, digest, earlier, requirements, complete_by, contact, briefing_id, topic_id,
        tick_at, %(by)s::bigint, CASE WHEN signed THEN tick_at END, authorisation_id,
        CASE WHEN signed AND reached THEN %(at)s::timestamptz END,
        CASE WHEN signed AND reached THEN '网上送达' ELSE '' END, CASE WHEN signed THEN %(sign_by)s::timestamptz END,
        CASE WHEN signed THEN %(feed_back_by)s::timestamptz END, CASE WHEN signed THEN %(sign_by)s::timestamptz END, '',
        '', '', '', '', '', '', '', 1
    FROM ready
    RETURNING id, clock_id, petition_id, unit_id, number, time, briefing_id
),
"""

SIGNED = """
noticed AS (
    UPDATE petitions_supervisionnotice n SET number = r.number, time = r.time, state = r.state, issued_at = r.tick_at,
        signer_id = r.signer_id, briefing_id = r.briefing_id, topic_id = r.topic_id,
        delivered_at = CASE WHEN r.reached THEN r.tick_at END,
        delivery = CASE WHEN r.reached THEN '网上送达' ELSE '' END,
        sign_by = %(sign_by)s::timestamptz, feed_back_by = %(feed_back_by)s::timestamptz,
        next_tick_at = %(sign_by)s::timestamptz, version = n.version + 1
    FROM ready r WHERE n.id = r.draft_id
    RETURNING n.id, n.clock_id, n.petition_id, n.unit_id, n.number, n.time, n.briefing_id
),
"""

REST = f"""
passed_on AS (
    UPDATE petitions_supervisionnotice n
    SET state = 'escalated', escalated_at = %(at)s::timestamptz, next_tick_at = NULL, version = n.version + 1
    FROM noticed, petitions_clock o, petitions_clock c
    WHERE n.petition_id = noticed.petition_id AND n.time < noticed.time AND n.state NOT IN ('cleared', 'escalated')
        AND o.id = n.clock_id AND c.id = noticed.clock_id
        AND o.unit_id = c.unit_id AND o.started_at = c.started_at
),
written AS (
    INSERT INTO petitions_event (petition_id, action, at, by_id, from_status, to_status, unit_id, promise, note, detail,
        clock_id)
    SELECT a.petition_id, coalesce(nullif(a.effect, ''), 'notice_issue'), a.tick_at, %(by)s::bigint, '', '', a.unit_id,
        a.promise, '', CASE WHEN noticed.id IS NOT NULL
            THEN jsonb_build_object('notice', noticed.id, 'number', noticed.number, 'time', noticed.time)
            WHEN a.latest_id IS NOT NULL THEN jsonb_build_object('notice', a.latest_id, 'number', a.latest)
            ELSE '{{}}' END,
        CASE WHEN a.effect <> '' THEN a.clock_id END
    FROM about a LEFT JOIN noticed USING (clock_id)
    WHERE a.effect <> '' OR noticed.number IS NOT NULL
),
recorded AS (
    INSERT INTO petitions_paperevent (notice_id, briefing_id, action, at, by_id, note)
    SELECT noticed.id, NULL::bigint, CASE WHEN noticed.number IS NULL THEN 'draft' ELSE 'issue' END, r.tick_at,
        %(by)s::bigint, ''
    FROM noticed JOIN ready r USING (clock_id) WHERE r.draft_id IS NULL
    UNION ALL
    SELECT NULL::bigint, r.briefing_id, 'raise', r.tick_at, %(by)s::bigint, coalesce(r.number, '')
    FROM ready r WHERE r.briefing_id IS NOT NULL
),
hearing AS (
    SELECT r.clock_id, a.user_id, a.duty
    FROM ready r JOIN audience a ON a.unit_id = r.unit_id AND a.duty = ANY(%(receiving)s::text[])
    WHERE r.signed
    UNION ALL
    SELECT r.clock_id, a.user_id, a.duty
    FROM ready r JOIN audience a ON starts_with(r.place_id, a.place_id) AND a.duty = ANY(
        %(watching)s::text[] || CASE WHEN r.signed THEN %(leading)s::text[] ELSE %(signing)s::text[] END)
),
told AS (
    INSERT INTO accounts_notice (person_id, key, title, body, path, weight, created_at)
    SELECT DISTINCT ON (h.user_id, noticed.id)
        h.user_id, 'supervision:' || noticed.id || ':issued',
        coalesce((%(times)s::text[])[r.most + 1], '') || %(label)s::text || '：' || r.petition_number
            || ' ' || {LABEL.format("promise", "r.promise")}
            || CASE WHEN r.signed THEN '' ELSE '，通知单待签发' END,
        coalesce(r.number || ' ', '') || r.title,
        CASE WHEN h.duty = ANY(%(leading)s::text[]) THEN '/briefings/' || noticed.briefing_id || '/'
            ELSE '/supervision/' || noticed.id || '/' END,
        'urgent', %(at)s::timestamptz
    FROM hearing h
    JOIN ready r USING (clock_id)
    JOIN noticed USING (clock_id)
    ORDER BY h.user_id, noticed.id, h.duty
    ON CONFLICT (person_id, key) DO NOTHING
)
SELECT count(*) FROM noticed
"""

REPORT = f"""
WITH about AS MATERIALIZED (
    SELECT DISTINCT ON (pt.id) pt.id AS petition_id, pt.place_id, pt.number AS petition_number,
        {MASKED.format("pt.title")} AS title, u.name AS unit_name, item.name AS item_name,
        CASE WHEN EXISTS (SELECT 1 FROM petitions_topic t WHERE t.petition_id = pt.id AND t.level = 'joint'
                AND t.state NOT IN ('waiting', 'on_agenda', 'withdrawn'))
            THEN '书面督办、联席会议研究后仍未解决' ELSE '书面督办后仍未解决，联席会议尚未研究' END AS reason
    FROM petitions_clock c
    JOIN petitions_petition pt ON pt.id = c.petition_id
    JOIN grids_item item ON item.id = pt.item_id
    JOIN accounts_unit u ON u.id = c.unit_id
    WHERE c.id = ANY(%(clocks)s::bigint[]) AND NOT EXISTS (
        SELECT 1 FROM petitions_briefing b
        WHERE b.petition_id = pt.id AND b.duty = 'principal_leader' AND b.state <> 'concluded')
    ORDER BY pt.id
),
counted AS (
    INSERT INTO petitions_series (key, last)
    SELECT %(briefing_prefix)s::text || '〔' || extract(year FROM %(at)s::timestamptz AT TIME ZONE %(zone)s::text)::int
        || '〕', count(*)::int FROM about HAVING count(*) > 0
    ON CONFLICT (key) DO UPDATE SET last = petitions_series.last + excluded.last RETURNING key, last
),
briefed AS (
    INSERT INTO petitions_briefing (number, petition_id, reason, digest, proposal, duty, raised_at)
    SELECT key || (last - row_number() OVER (ORDER BY petition_id) + 1) || '号', petition_id,
        reason, title || '（' || item_name || '）。承办单位：' || unit_name, %(proposal)s::text,
        'principal_leader', %(at)s::timestamptz
    FROM about CROSS JOIN counted RETURNING id, petition_id
),
recorded AS (
    INSERT INTO petitions_paperevent (briefing_id, action, at, note)
    SELECT id, 'raise', %(at)s::timestamptz, '' FROM briefed
),
told AS (
    INSERT INTO accounts_notice (person_id, key, title, body, path, weight, created_at)
    SELECT DISTINCT ON (p.user_id, b.id) p.user_id, 'briefing:' || b.id, '呈阅件：' || a.petition_number, a.title,
        '/briefings/' || b.id || '/', 'urgent', %(at)s::timestamptz
    FROM briefed b
    JOIN about a USING (petition_id)
    JOIN grids_posting p ON p.duty = 'principal_leader' AND p.since <= %(today)s::date
        AND (p.until IS NULL OR p.until > %(today)s::date) AND starts_with(a.place_id, p.place_id)
    JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    ON CONFLICT (person_id, key) DO NOTHING
)
SELECT count(*) FROM briefed
"""
