/** Functions of the platform that run as steps of synchronisation and failover. */
@NullMarked
package dev.shadow.spi.function;

import org.jspecify.annotations.NullMarked;
