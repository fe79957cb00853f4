/**
 * Block replication: a disk that tracks what is written to it, the engine that carries the changes to
 * replicas over TCP, and the server that keeps those replicas.
 */
@NullMarked
package dev.shadow.sync;

import org.jspecify.annotations.NullMarked;
