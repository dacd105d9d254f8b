/** Tests with failing disks and misbehaving clients. */
@NullMarked
package io.taffrail.testkit.fault;

import org.jspecify.annotations.NullMarked;
