/**
 * In-memory implementations of every interface that a host application provides, for tests: complete,
 * thread-safe, on virtual time, and with faults that are injected call by call.
 */
@NullMarked
package dev.shadow.tck.fake;

import org.jspecify.annotations.NullMarked;
