package dev.shadow.tck.fake;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.tck.time.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What all engines and sessions share: hosts, links, replicas. Every access holds its monitor. */
final class FakeReplication {
    static final long BYTES_PER_WRITE = 4096;

    /** The receiving side of one instance; outlives sessions. */
    static final class Replica {
        Generation generation = Generation.INITIAL;
        OptionalLong epoch = OptionalLong.empty();
        Optional<Instant> frozenAt = Optional.empty();
    }

    final VirtualTime time;
    final FakeDisks disks;
    final Map<InstanceId, FakeSyncSession> sessions = new HashMap<>();
    final Map<InstanceId, Long> seedBytes = new HashMap<>();
    final Map<InstanceId, List<Long>> acknowledged = new HashMap<>();
    final Set<Set<HostId>> cutLinks = new HashSet<>();
    final Set<HostId> down = new HashSet<>();
    final Set<InstanceId> corrupted = new HashSet<>();
    private final Map<InstanceId, Replica> replicas = new HashMap<>();
    long bytesPerSecond = 100_000_000;
    long lastNumber;

    FakeReplication(VirtualTime time, FakeDisks disks) {
        this.time = time;
        this.disks = disks;
    }

    Replica replica(InstanceId target) {
        return replicas.computeIfAbsent(target, t -> new Replica());
    }

    boolean linked(HostId a, HostId b) {
        return !down.contains(a) && !down.contains(b) && !cutLinks.contains(Set.of(a, b));
    }

    void change(Runnable change) {
        synchronized (this) {
            change.run();
            List.copyOf(sessions.values()).forEach(FakeSyncSession::linkChanged);
        }
    }

    /** A write is acknowledged once every started session of its source allows it. */
    CompletableFuture<Void> write(InstanceId source, long number) {
        disks.append(source, List.of(number));
        List<CompletableFuture<?>> consents = new ArrayList<>();
        for (FakeSyncSession session : List.copyOf(sessions.values())) {
            if (session.spec().source().equals(source)) {
                consents.add(session.written(number));
            }
        }
        return CompletableFuture.allOf(consents.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> {
                    synchronized (this) {
                        acknowledged
                                .computeIfAbsent(source, s -> new ArrayList<>())
                                .add(number);
                    }
                });
    }
}
