import '@weiqiao/page/base.css';
import '@weiqiao/page/parts.css';
import './styles/door.css';
import './styles/console.css';
import { createApp } from './app';
import { createApi } from './model/api';

const root = document.getElementById('app');
if (root) void createApp(root, createApi()).start();
