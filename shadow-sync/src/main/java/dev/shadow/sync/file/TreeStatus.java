package dev.shadow.sync.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a replica server holds of one directory tree.
 *
 * @param vm the virtual machine
 * @param instance the replica
 * @param generation the highest generation seen
 * @param promoted whether it was promoted and takes no rounds any more
 * @param committedRound the round that the tree equals; empty before the first
 * @param frozenAt the primary's clock when the scan of that round began; empty before the first
 * @param bytes bytes of all files
 * @param connected whether a source is connected now
 */
public record TreeStatus(
        VmId vm,
        InstanceId instance,
        Generation generation,
        boolean promoted,
        OptionalLong committedRound,
        Optional<Instant> frozenAt,
        long bytes,
        boolean connected) {}
