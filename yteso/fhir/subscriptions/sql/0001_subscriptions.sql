-- What clients want to be told. The resource is as its client wrote it; the columns beside it are how it stands.
CREATE TABLE subscription (
    id        uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    client    text        NOT NULL,
    base      text        NOT NULL,                       -- address of the FHIR face as this client calls it
    resource  text        NOT NULL,
    channel   text        NOT NULL,                       -- rest-hook, websocket
    heartbeat int         NOT NULL,                       -- seconds; 0: none
    ends      timestamptz,
    version   int         NOT NULL DEFAULT 1,
    written   timestamptz NOT NULL DEFAULT clock_timestamp(),
    created   timestamptz NOT NULL DEFAULT clock_timestamp(),
    status    text        NOT NULL,                       -- requested, active, error, off
    fault     text        NOT NULL DEFAULT '',            -- why it is in error or off
    greeted   boolean     NOT NULL DEFAULT false,         -- the handshake was taken
    events    bigint      NOT NULL DEFAULT 0,             -- the number of its last event
    delivered bigint      NOT NULL DEFAULT 0,             -- the number of the last one that was taken
    failures  int         NOT NULL DEFAULT 0,             -- since the last success
    due       timestamptz NOT NULL DEFAULT clock_timestamp(), -- not to be tried before
    spoken    timestamptz NOT NULL DEFAULT clock_timestamp(), -- when something was last taken
    lease     uuid,                                       -- of the worker that delivers now
    leased    timestamptz                                 -- and until when nobody else does
);
CREATE INDEX subscription_client ON subscription (client);

-- What happened that a subscription asks for. Numbers have no gaps.
CREATE TABLE subscription_event (
    subscription uuid        NOT NULL REFERENCES subscription ON DELETE CASCADE,
    number       bigint      NOT NULL,
    at           timestamptz NOT NULL,
    interaction  text        NOT NULL,  -- create, update, delete
    type         text        NOT NULL,
    resource     text        NOT NULL,  -- its logical id
    subject      uuid        NOT NULL,
    document     uuid        NOT NULL,
    PRIMARY KEY (subscription, number)
);

-- How far the change feed has been looked through.
CREATE TABLE subscription_feed (place text);
INSERT INTO subscription_feed VALUES (NULL);

-- Short-lived tokens by which a web socket shows whose subscriptions it may carry; kept as their SHA-256 only.
CREATE TABLE subscription_binding (
    digest        bytea       PRIMARY KEY,
    client        text        NOT NULL,
    subscriptions uuid[]      NOT NULL,
    expires       timestamptz NOT NULL
);
