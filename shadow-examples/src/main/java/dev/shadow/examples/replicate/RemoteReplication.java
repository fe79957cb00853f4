package dev.shadow.examples.replicate;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.sync.BlockReplication;
import dev.shadow.sync.DiskSpec;
import dev.shadow.sync.ReplicatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Brings an image as one epoch to a replica on another machine. */
record RemoteReplication(Path image, VmId vm, InstanceId instance, Generation generation, int blockSize) {
    private static final Duration LONGEST = Duration.ofHours(24);

    /** What came of it. */
    record Outcome(long epoch, long sizeBytes, long sentBytes) {}

    /** Sends the whole image but its zeros and waits until the replica has it durably. */
    Outcome run(Connection connection, String address, LongConsumer progress) throws IOException, SyncException {
        if (!Files.isRegularFile(image)) {
            throw new NoSuchFileException(image.toString(), null, "there is no such image");
        }
        InstanceId source = InstanceId.of(instance.value() + "-source");
        DiskSpec spec = new DiskSpec(vm, source, generation, image, Files.size(image), blockSize);
        // What was changed since an earlier run is not known, so no state is kept: everything is sent.
        Path state = Files.createTempDirectory("shadow-replicate");
        try (ReplicatedDisk disk = ReplicatedDisk.open(spec, state, InstantSource.system());
                BlockReplication engine = connection.engine(address, Optional.of(disk))) {
            SyncSession session = engine.open(syncSpec(source), Connection.PATIENCE);
            Subscription told = session.subscribe(status -> progress.accept(status.sentBytes()));
            try {
                session.start(CallContext.of("start", generation, Connection.PATIENCE));
                requireRunning(session.status());
                long epoch = session.commitEpoch(CallContext.of("epoch", generation, LONGEST));
                return new Outcome(epoch, spec.sizeBytes(), session.status().sentBytes());
            } finally {
                told.close();
            }
        } finally {
            delete(state);
        }
    }

    private SyncSpec syncSpec(InstanceId source) {
        return new SyncSpec(
                vm,
                source,
                HostId.of("source"),
                instance,
                Connection.HOST,
                generation,
                SyncMethod.BLOCK,
                SyncMode.ASYNCHRONOUS,
                LinkLossPolicy.FALL_BACK,
                LONGEST,
                Duration.ofMinutes(1));
    }

    private static void requireRunning(SyncStatus status) throws IOException {
        if (status.phase() == SyncPhase.INTERRUPTED
                || status.phase() == SyncPhase.FAILED
                || status.phase() == SyncPhase.PROMOTED) {
            throw new IOException("the replica was not reached: " + status.detail());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
