package dev.shadow.spi.placement;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.LicenseDemand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps account of licence pools: reserve when a host was chosen, commit when the instance exists,
 * release when it is gone.
 *
 * <p>Called by the manager, on its executor; calls may overlap, also for one product, and together
 * never grant more than a pool holds. A grant is durable when the call returns. After a crash half-way
 * a reservation lapses by itself at its expiry, and a repeated call finds the grant that is there.
 */
public interface LicenseLedger {
    /**
     * Holds units for an instance until the reservation expires or is committed: all of them or none. If
     * the instance holds a grant for the same host and demands already, returns that one.
     *
     * @param ttl how long the reservation holds, more than zero
     * @return the grant, or empty if a pool has too few units free
     * @throws LicenseException permanent if the instance holds a different grant; transient if the ledger
     *     cannot be asked
     */
    Optional<LicenseGrant> reserve(
            InstanceId instance, HostId host, List<LicenseDemand> demands, Duration ttl, CallContext context)
            throws LicenseException;

    /**
     * Makes the instance's reservation hold until it is released. Committing a committed grant changes
     * nothing.
     *
     * @throws LicenseException permanent if the instance holds no grant, or its reservation has lapsed
     */
    LicenseGrant commit(InstanceId instance, CallContext context) throws LicenseException;

    /** Gives back all that an instance holds; nothing if it holds nothing. */
    void release(InstanceId instance, CallContext context) throws LicenseException;

    /**
     * Free units by product, for every pool that the ledger knows.
     *
     * @param timeout the longest that the call may block
     */
    Map<String, Integer> free(Duration timeout) throws LicenseException;

    /**
     * What is left, and on which terms. Unless a ledger knows terms, what is {@link #free}.
     *
     * @param timeout the longest that the call may block
     */
    default LicenseStock stock(Duration timeout) throws LicenseException {
        return LicenseStock.of(free(timeout));
    }
}
