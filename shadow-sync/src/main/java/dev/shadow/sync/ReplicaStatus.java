package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link ReplicaServer} holds of one replica.
 *
 * @param vm the virtual machine
 * @param instance the replica
 * @param sizeBytes size of its disk
 * @param blockSize bytes per block
 * @param generation the highest generation seen
 * @param promoted whether it was promoted and takes no epochs any more
 * @param committedEpoch the epoch that the replica equals; empty before the first
 * @param frozenAt the primary's clock when that epoch was frozen; empty before the first
 * @param writeNumber the primary's write number at that freeze; 0 before the first
 * @param stagedBytes bytes received of an epoch that is not committed yet
 * @param connected whether a source is connected now
 */
public record ReplicaStatus(
        VmId vm,
        InstanceId instance,
        long sizeBytes,
        int blockSize,
        Generation generation,
        boolean promoted,
        OptionalLong committedEpoch,
        Optional<Instant> frozenAt,
        long writeNumber,
        long stagedBytes,
        boolean connected) {}
