package dev.shadow.sync;

import java.time.Instant;

/**
 * A point in time that a replica can be activated at.
 *
 * @param epoch number of the last epoch in it
 * @param frozenAt when the source cut that epoch, by its clock
 * @param writeNumber the source's last write in it
 */
public record HistoryPoint(long epoch, Instant frozenAt, long writeNumber) {}
