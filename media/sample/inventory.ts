/** A small shop: what is on the shelf, what is reserved, and what may be sold. */
export interface Item {
  readonly name: string;
  readonly price: number;
  readonly count: number;
}

export interface Order {
  readonly name: string;
  readonly count: number;
}

export class OutOfStockError extends Error {
  constructor(
    readonly item: string,
    readonly wanted: number,
    readonly available: number,
  ) {
    super(`${item}: ${wanted} wanted, ${available} on the shelf.`);
  }
}

export class Inventory {
  private readonly items = new Map<string, Item>();
  private readonly reserved = new Map<string, number>();

  add(item: Item): void {
    const known = this.items.get(item.name);
    const count = (known?.count ?? 0) + item.count;
    this.items.set(item.name, { ...item, count });
  }

  available(name: string): number {
    const item = this.items.get(name);
    if (item === undefined) return 0;
    return item.count - (this.reserved.get(name) ?? 0);
  }

  reserve(order: Order): void {
    const available = this.available(order.name);
    if (order.count > available) {
      throw new OutOfStockError(order.name, order.count, available);
    }
    this.reserved.set(order.name, (this.reserved.get(order.name) ?? 0) + order.count);
  }

  release(order: Order): void {
    const reserved = this.reserved.get(order.name) ?? 0;
    this.reserved.set(order.name, Math.max(0, reserved - order.count));
  }

  sell(order: Order): number {
    const item = this.items.get(order.name);
    if (item === undefined) throw new OutOfStockError(order.name, order.count, 0);
    if (order.count > item.count) throw new OutOfStockError(order.name, order.count, item.count);
    this.items.set(order.name, { ...item, count: item.count - order.count });
    this.release(order);
    return item.price * order.count;
  }

  total(): number {
    let total = 0;
    for (const item of this.items.values()) total += item.price * item.count;
    return total;
  }
}

const shop = new Inventory();
shop.add({ name: 'lantern', price: 18.5, count: 4 });
shop.add({ name: 'rope', price: 6.25, count: 12 });
shop.add({ name: 'compass', price: 31, count: 2 });
shop.reserve({ name: 'rope', count: 3 });
console.log(shop.available('rope'), shop.sell({ name: 'lantern', count: 1 }), shop.total());
