package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.VmId;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Names a disk and says how it is cut into blocks.
 *
 * @param vm the virtual machine that the disk belongs to
 * @param instance the instance that writes to it
 * @param generation write history that the writer believes to own
 * @param image the raw image file
 * @param sizeBytes size of the disk, a positive multiple of {@code blockSize} of at most 2^34 blocks, 64 TiB in blocks of 4 KiB
 * @param blockSize bytes per tracked block, a power of two from 512 to 4,194,304
 */
public record DiskSpec(VmId vm, InstanceId instance, Generation generation, Path image, long sizeBytes, int blockSize) {
    /** The highest number of blocks of one disk. */
    public static final long MAX_BLOCKS = 1L << 34;

    public DiskSpec {
        Objects.requireNonNull(vm, "vm");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(image, "image");
        checkGeometry(sizeBytes, blockSize);
    }

    /**
     * Refuses a size or a block size that no disk can have.
     *
     * @throws InvalidValueException naming the refused value
     */
    public static void checkGeometry(long sizeBytes, int blockSize) {
        if (blockSize < 512 || blockSize > 1 << 22 || Integer.bitCount(blockSize) != 1) {
            throw new InvalidValueException(
                    "blockSize", Integer.toString(blockSize), "be a power of two from 512 to 4194304");
        }
        if (sizeBytes <= 0 || sizeBytes % blockSize != 0 || sizeBytes / blockSize > MAX_BLOCKS) {
            throw new InvalidValueException(
                    "sizeBytes",
                    Long.toString(sizeBytes),
                    "be a positive multiple of the block size " + blockSize + " and at most " + MAX_BLOCKS + " blocks");
        }
    }

    /** Number of blocks. */
    public long blocks() {
        return sizeBytes / blockSize;
    }
}
