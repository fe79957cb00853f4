package dev.shadow.core.failover;

import dev.shadow.core.internal.document.RouteDocument;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.failover.TrafficException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the route of each virtual machine as a record of a {@link ReplicaStore}, for clients that look it
 * up; cuts no connections. Thread-safe.
 */
public final class StoreTrafficDirector implements TrafficDirector {
    private static final Logger LOG = LoggerFactory.getLogger(StoreTrafficDirector.class);

    private static final int MOST_CONFLICTS = 100;

    private final ReplicaStore store;
    private final LongSupplier fencingToken;

    private StoreTrafficDirector(ReplicaStore store, LongSupplier fencingToken) {
        this.store = Objects.requireNonNull(store, "store");
        this.fencingToken = Objects.requireNonNull(fencingToken, "fencingToken");
    }

    /** Returns a director that writes without a fencing token; for a store that it has to itself. */
    public static StoreTrafficDirector over(ReplicaStore store) {
        return new StoreTrafficDirector(store, () -> 0);
    }

    /**
     * Returns a director for a store that a manager writes to as well.
     *
     * @param fencingToken asked at every write for the writer's token
     */
    public static StoreTrafficDirector over(ReplicaStore store, LongSupplier fencingToken) {
        return new StoreTrafficDirector(store, fencingToken);
    }

    @Override
    public void redirect(VmId vm, Endpoint target, CallContext context) throws TrafficException {
        Route route = new Route(target, context.generation());
        for (int attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
            Optional<StoredRecord> record = read(vm);
            Optional<Route> present = record.map(r -> RouteDocument.read(r.document()));
            if (present.isPresent()
                    && context.generation().isOlderThan(present.get().generation())) {
                throw new StaleGenerationException(
                        vm, context.generation(), present.get().generation());
            }
            if (present.isPresent() && present.get().equals(route)) {
                return;
            }
            try {
                store.put(
                        key(vm),
                        record.map(StoredRecord::version).orElse(0L),
                        RouteDocument.write(route),
                        fencingToken.getAsLong());
                return;
            } catch (VersionConflictException e) {
                LOG.debug("somebody else wrote first; reading again", e);
            } catch (StoreException e) {
                throw new TrafficException(
                        e.retry(), "the route of " + vm + " cannot be written: " + e.getMessage(), e);
            }
        }
        throw new TrafficException(
                Retry.TRANSIENT, "the route of " + vm + " changed " + MOST_CONFLICTS + " times while it was written");
    }

    @Override
    public Optional<Route> route(VmId vm, Duration timeout) throws TrafficException {
        return read(vm).map(record -> RouteDocument.read(record.document()));
    }

    private static RecordKey key(VmId vm) {
        return new RecordKey("route", vm.value());
    }

    private Optional<StoredRecord> read(VmId vm) throws TrafficException {
        try {
            return store.get(key(vm));
        } catch (StoreException e) {
            throw new TrafficException(e.retry(), "the route of " + vm + " cannot be read: " + e.getMessage(), e);
        }
    }
}
