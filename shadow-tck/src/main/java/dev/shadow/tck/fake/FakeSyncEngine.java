package dev.shadow.tck.fake;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Replication in memory and on virtual time. A guest's write is a number, so that a test can say which
 * acknowledged writes the replica holds. The sessions live on the hosts: {@link #reopen} is the engine
 * that a manager finds after its crash. Thread-safe.
 */
public final class FakeSyncEngine implements SyncEngine {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link SyncEngine#open}. */
        OPEN,
        /** {@link SyncSession#start}. */
        START,
        /** {@link SyncSession#commitEpoch}. */
        COMMIT_EPOCH,
        /** {@link SyncSession#pause}. */
        PAUSE,
        /** {@link SyncSession#resume}. */
        RESUME,
        /** {@link SyncSession#acknowledgeDegraded}. */
        ACKNOWLEDGE_DEGRADED,
        /** {@link SyncSession#verify}. */
        VERIFY,
        /** {@link SyncSession#promote}. */
        PROMOTE
    }

    private final FakeReplication world;
    private final Faults<Call> faults;
    private final Set<InstanceId> held = new HashSet<>();

    private FakeSyncEngine(FakeReplication world) {
        this.world = world;
        this.faults = new Faults<>(Call.class, world.time);
    }

    /** Returns an engine that copies between these disks, at 100 MB/s and 4096 bytes a write. */
    public static FakeSyncEngine on(VirtualTime time, FakeDisks disks) {
        return new FakeSyncEngine(new FakeReplication(time, disks));
    }

    /** Returns the engine of a manager that was started after a crash of this one's. */
    public FakeSyncEngine reopen() {
        return new FakeSyncEngine(world);
    }

    /** The faults that this engine is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Sets how many bytes a second a link carries, at least 1. */
    public void setBytesPerSecond(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, was " + value);
        }
        synchronized (world) {
            world.bytesPerSecond = value;
        }
    }

    /** Sets how many bytes the first copy from an instance moves, beyond its numbered writes. */
    public void setSeedBytes(InstanceId source, long bytes) {
        synchronized (world) {
            world.seedBytes.put(source, bytes);
        }
    }

    /** The next write of the guest on the disk of {@code source}, with a number of its own. */
    public Write write(InstanceId source) {
        synchronized (world) {
            return write(source, ++world.lastNumber);
        }
    }

    /** A write of the guest with this number. */
    public Write write(InstanceId source, long number) {
        synchronized (world) {
            world.lastNumber = Math.max(world.lastNumber, number);
            return new Write(number, world.write(source, number));
        }
    }

    /** The numbers of every write to {@code source} that was acknowledged to the guest, in order. */
    public List<Long> acknowledged(InstanceId source) {
        synchronized (world) {
            return List.copyOf(world.acknowledged.getOrDefault(source, List.of()));
        }
    }

    /** Cuts the link between two hosts. */
    public void cutLink(HostId a, HostId b) {
        world.change(() -> world.cutLinks.add(Set.of(a, b)));
    }

    /** Repairs the link between two hosts. */
    public void healLink(HostId a, HostId b) {
        world.change(() -> world.cutLinks.remove(Set.of(a, b)));
    }

    /** Takes a host out of reach of every other and of the manager. */
    public void hostDown(HostId host) {
        world.change(() -> world.down.add(host));
    }

    /** Brings a host back. */
    public void hostUp(HostId host) {
        world.change(() -> world.down.remove(host));
    }

    /** Makes the replica differ from its source, as a broken disk does. */
    public void corrupt(InstanceId target) {
        synchronized (world) {
            world.corrupted.add(target);
        }
    }

    @Override
    public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
        return faults.in(Call.OPEN, timeout, SyncException::new, () -> {
            synchronized (world) {
                FakeReplication.Replica replica = world.replica(spec.target());
                if (spec.generation().isOlderThan(replica.generation)) {
                    throw new StaleGenerationException(spec.vm(), spec.generation(), replica.generation);
                }
                FakeSyncSession open = world.sessions.get(spec.target());
                if (open == null || (open.isTerminal() && !open.carries(spec))) {
                    open = new FakeSyncSession(world, spec);
                    world.sessions.put(spec.target(), open);
                } else if (open.carries(spec)) {
                    open.takeOver(spec);
                } else {
                    throw new SyncException(
                            Retry.PERMANENT,
                            "replica " + spec.target() + " has an open session with another spec, " + open.spec()
                                    + ": close that one first");
                }
                held.add(spec.target());
                return new FaultySyncSession(open, faults);
            }
        });
    }

    @Override
    public Optional<SyncSession> session(InstanceId target) {
        synchronized (world) {
            FakeSyncSession open = world.sessions.get(target);
            return open != null && held.contains(target)
                    ? Optional.of(new FaultySyncSession(open, faults))
                    : Optional.empty();
        }
    }

    /**
     * A write of the guest.
     *
     * @param number its number
     * @param acknowledged completes when the guest is told that it is done, or that it failed
     */
    public record Write(long number, CompletableFuture<Void> acknowledged) {}
}
