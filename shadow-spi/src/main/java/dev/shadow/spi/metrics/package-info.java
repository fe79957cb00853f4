/** Measured history and latest samples of virtual machines and hosts. */
@NullMarked
package dev.shadow.spi.metrics;

import org.jspecify.annotations.NullMarked;
