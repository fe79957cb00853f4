package dev.shadow.spi.sync.stream;

import dev.shadow.spi.internal.Checks;

/**
 * Where a change stream stands after one of its transactions.
 *
 * @param sequence rises from each transaction of a feed to the next, at least 1; the order of positions
 * @param token what the feed needs to find the place again, opaque to everybody else, at most 1024 characters
 */
public record StreamPosition(long sequence, String token) implements Comparable<StreamPosition> {
    public StreamPosition {
        Checks.range("sequence", sequence, 1, Long.MAX_VALUE);
        Checks.text("token", token, 1024);
    }

    @Override
    public int compareTo(StreamPosition other) {
        return Long.compare(sequence, other.sequence);
    }
}
