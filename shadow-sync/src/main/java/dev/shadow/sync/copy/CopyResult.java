package dev.shadow.sync.copy;

/**
 * What a copy did.
 *
 * @param ranges ranges that were copied
 * @param bytes bytes of these ranges
 * @param writtenBytes bytes that were written; zeros that the target had already are not
 * @param resumedBytes bytes of the ranges that an interrupted copy had left over
 */
public record CopyResult(int ranges, long bytes, long writtenBytes, long resumedBytes) {}
