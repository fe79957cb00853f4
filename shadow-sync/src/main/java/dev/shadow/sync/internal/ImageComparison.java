package dev.shadow.sync.internal;

import dev.shadow.spi.sync.VerifyReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Compares an image with digests of a replica, step by step. Not to be shared between threads. */
public final class ImageComparison {
    private static final int CHUNKS_AT_ONCE = 256;

    private final long epoch;
    private final long sizeBytes;
    private final RangeDigests ours;
    private final List<VerifyReport.ByteRange> differences = new ArrayList<>();
    private int next;

    private ImageComparison(StorageFile image, long sizeBytes, long epoch) {
        this.epoch = epoch;
        this.sizeBytes = sizeBytes;
        this.ours = new RangeDigests(image, sizeBytes, RangeDigests.chunkBytesFor(sizeBytes));
    }

    /** Begins a comparison with a replica at {@code epoch}. */
    public static ImageComparison of(StorageFile image, long sizeBytes, long epoch) {
        return new ImageComparison(image, sizeBytes, epoch);
    }

    /** Says whether everything was compared. */
    public boolean isComplete() {
        return next == ours.chunks();
    }

    /** What to ask the replica next. */
    public Message.DigestRequest nextRequest() {
        return new Message.DigestRequest(epoch, next, Math.min(CHUNKS_AT_ONCE, ours.chunks() - next));
    }

    /** Takes the answer to the last request. */
    public void take(Message.Digests theirs) throws IOException {
        Message.DigestRequest asked = nextRequest();
        ByteBuffer crcs = theirs.crcs();
        if (theirs.epoch() != epoch || theirs.first() != asked.first() || crcs.remaining() != 4 * asked.count()) {
            throw ProtocolException.malformed("digests came that were not asked for");
        }
        for (int i = 0; i < asked.count(); i++, next++) {
            if (crcs.getInt() != ours.crc(next)) {
                differences.add(new VerifyReport.ByteRange(ours.offset(next), ours.length(next)));
            }
        }
    }

    /** What was found. */
    public VerifyReport report() {
        return new VerifyReport(epoch, sizeBytes, differences);
    }
}
