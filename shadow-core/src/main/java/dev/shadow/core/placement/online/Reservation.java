package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Room and licences held for one shadow.
 *
 * @param demand what was asked for
 * @param host the host
 * @param expiresAt when it lapses by itself; empty once committed
 */
public record Reservation(ShadowDemand demand, HostId host, Optional<Instant> expiresAt) {
    public Reservation {
        Objects.requireNonNull(demand, "demand");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Says whether it holds until it is released. */
    public boolean isCommitted() {
        return expiresAt.isEmpty();
    }
}
