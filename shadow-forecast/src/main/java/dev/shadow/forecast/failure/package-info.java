/** The risk that a host or one of its disks fails soon, learned from health counters. */
@NullMarked
package dev.shadow.forecast.failure;

import org.jspecify.annotations.NullMarked;
