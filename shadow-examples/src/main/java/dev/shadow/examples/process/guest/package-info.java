/** What runs inside a virtual machine of the example: a small durable key-value service on a block device. */
@NullMarked
package dev.shadow.examples.process.guest;

import org.jspecify.annotations.NullMarked;
