package dev.shadow.spi.store;

import dev.shadow.spi.internal.Checks;
import java.time.Instant;

/**
 * The right to act for one resource until it expires.
 *
 * @param resource what is owned, an identifier
 * @param owner who owns it, an identifier
 * @param token fencing token: higher than that of every earlier lease of the resource, at least 1
 * @param expiresAt when it lapses unless renewed; on the service's clock
 */
public record Lease(String resource, String owner, long token, Instant expiresAt) {
    public Lease {
        Checks.identifier("resource", resource);
        Checks.identifier("owner", owner);
        Checks.range("token", token, 1, Long.MAX_VALUE);
        Checks.present("expiresAt", expiresAt);
    }
}
