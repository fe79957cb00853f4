package dev.shadow.spi.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Gives each resource to one owner at a time, by fenced leases.
 *
 * <p>Called by the manager, on its executor; calls may overlap. At no moment do two unexpired leases of
 * one resource exist, and tokens of one resource only rise, over restarts too. A thrown {@link
 * CoordinationException} says nothing about any lease; an owner that cannot renew stops acting when its
 * lease expires. Time-outs are configured where the coordinator is opened.
 */
public interface Coordinator extends AutoCloseable {
    /**
     * Takes the resource if nobody holds an unexpired lease of it, or if {@code owner} holds it already.
     *
     * @param ttl how long the lease lasts, more than zero
     * @return the lease, or empty if another owner holds it
     */
    Optional<Lease> acquire(String resource, String owner, Duration ttl) throws CoordinationException;

    /**
     * Prolongs a lease, with the same token.
     *
     * @return the prolonged lease, or empty if it has lapsed or was taken by another
     */
    Optional<Lease> renew(Lease lease, Duration ttl) throws CoordinationException;

    /** Gives a lease back early; nothing if it has lapsed. */
    void release(Lease lease) throws CoordinationException;

    /** Frees what the coordinator holds; leases lapse by themselves. */
    @Override
    void close();
}
